import assert from 'node:assert/strict';
import { test } from 'node:test';
import { section } from './outline.ts';
import { htmlPage } from './outline-html.ts';

test('outlines become titles and lists, with what is special in HTML escaped', () => {
  const page = htmlPage(['note', section('Nodes', ['a & b', section('c', ['d'])])], {
    title: '<status>',
    stylesheet: 'my.css',
    refresh: 5,
  });
  assert.match(
    page,
    /<title>&lt;status&gt;<\/title>\n<meta http-equiv="refresh" content="5">\n<link [^>]*my\.css">/,
  );
  assert.match(
    page,
    /<p>note<\/p>\n<h2>Nodes<\/h2>\n<ul>\n<li>a &amp; b<\/li>\n<li>c\n<ul>\n<li>d<\/li>\n<\/ul>\n<\/li>\n<\/ul>/,
  );
});
