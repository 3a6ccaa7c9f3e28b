import { escapeXml } from '../xml/print.ts';
import type { Outline } from './outline.ts';

export interface PageOptions {
  readonly title: string;
  /** Address of a style sheet. */
  readonly stylesheet?: string | undefined;
  /** After how many seconds a browser should ask again. */
  readonly refresh: number;
}

/** A page with the outlines: first headings as titles, what is below them as lists within lists. */
export function htmlPage(outlines: readonly Outline[], { title, stylesheet, refresh }: PageOptions): string {
  const head = [
    `<meta charset="utf-8">`,
    `<title>${escapeXml(title)}</title>`,
    `<meta http-equiv="refresh" content="${refresh}">`,
    ...(stylesheet === undefined ? [] : [`<link rel="stylesheet" href="${escapeXml(stylesheet)}">`]),
  ];
  const body = outlines.map(outline =>
    typeof outline === 'string'
      ? `<p>${escapeXml(outline)}</p>\n`
      : `<h2>${escapeXml(outline.heading)}</h2>\n${listOf(outline.items)}`,
  );
  return `<!DOCTYPE html>\n<html lang="en">\n<head>\n${head.join('\n')}\n</head>\n<body>\n${body.join('')}</body>\n</html>\n`;
}

function listOf(items: readonly Outline[]): string {
  if (items.length === 0) return '';
  const entries = items.map(item =>
    typeof item === 'string'
      ? `<li>${escapeXml(item)}</li>\n`
      : `<li>${escapeXml(item.heading)}\n${listOf(item.items)}</li>\n`,
  );
  return `<ul>\n${entries.join('')}</ul>\n`;
}
