/** Finding a command by what was typed: its name, an alias, a beginning, or its letters in their order. */
export function findName(
  typed: string,
  names: readonly string[],
  aliases: ReadonlyMap<string, string>,
): { readonly found: string } | { readonly candidates: readonly string[] } {
  if (names.includes(typed)) return { found: typed };
  const alias = aliases.get(typed);
  if (alias !== undefined) return { found: alias };
  const beginning = names.filter(name => name.startsWith(typed));
  if (beginning.length > 0) return one(beginning);
  return one(names.filter(name => inOrder(typed, name)));
}

const one = (
  candidates: readonly string[],
): { readonly found: string } | { readonly candidates: readonly string[] } =>
  candidates.length === 1 ? { found: candidates[0] as string } : { candidates };

/** `cfg` is in `configure`: the same first letter, and the others after it in their order. */
function inOrder(typed: string, name: string): boolean {
  if (typed.length < 2 || typed[0] !== name[0]) return false;
  let at = 0;
  for (const letter of name) if (letter === typed[at]) at++;
  return at === typed.length;
}
