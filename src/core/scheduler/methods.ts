import type { Methods, Resource } from './model.ts';
import { bundleMethods } from './variants/bundle.ts';
import { cloneMethods } from './variants/clone.ts';
import { groupMethods } from './variants/group.ts';
import { primitiveMethods } from './variants/primitive.ts';

/** What each kind of resource does in its own way. */
export const METHODS: Readonly<Record<Resource['kind'], Methods>> = {
  primitive: primitiveMethods,
  group: groupMethods,
  clone: cloneMethods,
  bundle: bundleMethods,
};
