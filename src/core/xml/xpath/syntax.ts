/** An XPath 1.0 expression, read. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'negate'; readonly of: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] }
  | { readonly kind: 'path'; readonly from: PathStart; readonly steps: readonly Step[] };

export type BinaryOperator =
  | 'or'
  | 'and'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | 'div'
  | 'mod'
  | '|';

/** Where a path begins: at the root, at the context, or at the nodes that an expression gives. */
export type PathStart =
  | { readonly kind: 'root' }
  | { readonly kind: 'context' }
  | {
      readonly kind: 'filter';
      readonly expression: Expression;
      readonly predicates: readonly Expression[];
    };

export interface Step {
  readonly axis: Axis;
  readonly test: NodeTest;
  readonly predicates: readonly Expression[];
}

export const AXES = [
  'child',
  'descendant',
  'descendant-or-self',
  'self',
  'parent',
  'ancestor',
  'ancestor-or-self',
  'following-sibling',
  'preceding-sibling',
  'attribute',
] as const;

export type Axis = (typeof AXES)[number];

export type NodeTest =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'any-name' }
  | { readonly kind: 'node' }
  | { readonly kind: 'comment' }
  | { readonly kind: 'text' };
