import type { Drawing } from '../scheduler/schedule.ts';

/** The transition as a drawing for Graphviz. */
export function dotText({ actions, edges }: Drawing): string {
  const lines = [
    ...actions.map(({ name, style, color, font }) => {
      return `"${name}" [ style=${style} color="${color}" fontcolor="${font}"]`;
    }),
    ...edges.map(({ from, to, style }) => `"${from}" -> "${to}" [ style = ${style}]`),
  ];
  return ` digraph "g" {\n${lines.map(line => `${line}\n`).join('')}}\n`;
}
