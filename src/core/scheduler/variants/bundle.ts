import type { Methods } from '../model.ts';
import { cloneMethods } from './clone.ts';

export const bundleMethods: Methods = cloneMethods;
