/** Fence agents read their parameters line by line; a line end in a value would begin another parameter. */
export const fenceInput = (action: string, parameters: Readonly<Record<string, string>>): string =>
  [...Object.entries(parameters).filter(([name]) => name !== 'action'), ['action', action]]
    .map(([name, value]) => `${name}=${(value ?? '').replaceAll('\n', ' ')}\n`)
    .join('');
