/** Names that `validate-with` may have, from the oldest to the newest; `none` besides. */
export const SCHEMAS: readonly string[] = [
  '1.0',
  '1.2',
  '1.3',
  ...Array.from({ length: 11 }, (_, minor) => `2.${minor}`),
  ...Array.from({ length: 11 }, (_, minor) => `3.${minor}`),
  '4.0',
].map(version => `pacemaker-${version}`);

export const isSchema = (name: string): boolean => SCHEMAS.includes(name);

/** Where a version stands among the others: `3.10` is after `3.9`. */
export const versionOrder = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
};
