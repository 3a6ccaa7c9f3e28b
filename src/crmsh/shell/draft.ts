import { createPatchset } from '../../core/cib/patchset/create.ts';
import { sameTree } from '../../core/xml/edit.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { checkReferences, type Finding } from '../language/check.ts';
import { checkOptions } from '../language/check-options.ts';
import { applyStatements, type LoadMethod } from '../language/edit.ts';
import { type CrmObject, keyOf, objectsOf } from '../language/objects.ts';
import { readConfiguration } from '../language/read.ts';
import type { ProviderOf } from '../language/read-resource.ts';
import { contextOf } from '../language/show.ts';
import type { SyntaxProblem } from '../language/split.ts';

/**
 * Changes to the configuration that wait to be committed. What is committed is the difference between the CIB as
 * it was read and as it was edited, without a version: changes that others made meanwhile stay.
 */
export class Draft {
  readonly base: XmlElement;
  cib: XmlElement;

  constructor(base: XmlElement) {
    this.base = base;
    this.cib = base;
  }

  get isChanged(): boolean {
    return this.cib !== this.base && this.patchset() !== undefined;
  }

  patchset(): XmlElement | undefined {
    return createPatchset(this.base, this.cib, { withoutVersions: true });
  }

  /** Takes in text in crm syntax; with any problem, nothing of it. */
  load(text: string, method: LoadMethod, providerOf?: ProviderOf): readonly SyntaxProblem[] {
    const context = { nodes: contextOf(this.cib).nodes, ...(providerOf === undefined ? {} : { providerOf }) };
    const { statements, problems } = readConfiguration(text, context);
    if (problems.length > 0) return problems;
    const edited = applyStatements(this.cib, statements, method);
    if (edited.problems.length === 0) this.cib = edited.cib;
    return edited.problems;
  }

  /** What is wrong with the configuration; warnings only about what is changed, where `isCommit`. */
  findings({ isCommit }: { readonly isCommit: boolean }): readonly Finding[] {
    const all = [...checkReferences(this.cib), ...checkOptions(objectsOf(this.cib))];
    if (!isCommit) return all;
    const changed = new Set(this.changed().map(object => object.id));
    return all.filter(finding => finding.severity === 'error' || changed.has(finding.object));
  }

  /** Objects that are new or other than in force. */
  changed(): readonly CrmObject[] {
    const before = new Map(objectsOf(this.base).map(object => [keyOf(object), object.element]));
    return objectsOf(this.cib).filter(object => {
      const old = before.get(keyOf(object));
      return old === undefined || !sameTree(old, object.element);
    });
  }
}
