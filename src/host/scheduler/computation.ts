/** What the scheduler's thread is asked, and what it answers; both cross by structured clone. */
import type { Instant } from '../../core/base/time.ts';
import type { ComputedTransition, DevicePlacement, EffectId } from '../../core/daemons/contract.ts';
import type { NodeName } from '../../core/model/names.ts';
import type { XmlElement } from '../../core/xml/element.ts';

export type Computation =
  | {
      readonly kind: 'transition';
      readonly effect: EffectId;
      readonly cib: XmlElement;
      readonly now: Instant;
      readonly transition: number;
    }
  | {
      readonly kind: 'device-placement';
      readonly effect: EffectId;
      readonly cib: XmlElement;
      readonly now: Instant;
      readonly node: NodeName;
    };

/** Where a decision's input was kept, or why it could not be; comes after the decision. */
export type Kept =
  | { readonly kind: 'kept'; readonly transition: number; readonly path: string }
  | { readonly kind: 'not-kept'; readonly transition: number; readonly problem: string };

export type Computed =
  | { readonly kind: 'transition'; readonly effect: EffectId; readonly result: ComputedTransition }
  | { readonly kind: 'device-placement'; readonly effect: EffectId; readonly placement: DevicePlacement };
