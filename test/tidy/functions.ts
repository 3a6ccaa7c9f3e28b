export interface FunctionSize {
  readonly name: string;
  readonly lines: number;
}

const HEAD =
  /^( *)(?:export )?(?:(?:function\*? (\w+))|(?:const (\w+)(?:: [^=]+)? = (?:\([^)]*\)|\w+)(?:: [^=]+)? =>)|(?:(?:static |private |override |get |set )*(#?\w+)\([^;]*\)?(?:: [^;]+)? \{$))/;

/**
 * Functions and methods of a formatted source file with their length, found by indentation: the formatter puts
 * the closing bracket of a definition at the indentation of its head.
 */
export function functionsOf(text: string): FunctionSize[] {
  const lines = text.split('\n');
  const found: FunctionSize[] = [];
  for (const [at, line] of lines.entries()) {
    const head = HEAD.exec(line);
    if (head === null || /^\s*(?:if|for|while|switch|return|else)\b/.test(line)) continue;
    const indent = head[1] ?? '';
    const name = head[2] ?? head[3] ?? head[4] ?? '';
    const end = lines.findIndex(
      (later, index) => index > at && later.startsWith(`${indent}}`) && !later.startsWith(`${indent}}:`),
    );
    if (end > at) found.push({ name, lines: end - at + 1 });
  }
  return found;
}
