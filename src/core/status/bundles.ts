import type { Draft, ResourceDraft } from './draft.ts';

export function unpackBundle(draft: Draft, bundle: ResourceDraft): boolean {
  draft.problems.push(`error: bundle ${bundle.id} cannot be read yet`);
  return false;
}
