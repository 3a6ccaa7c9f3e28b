import type { XmlElement } from '../xml/element.ts';

/** To be split into this conversation's own kinds by the room that speaks it. */
export interface AttributeMessage {
  readonly kind: string;
  readonly body: XmlElement;
}
