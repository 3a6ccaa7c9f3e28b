/** Messages between nodes as XML, for a wire that carries text. Each conversation knows its own form. */
import { unreachable } from '../base/assert.ts';
import { attribute, element, type XmlElement } from '../xml/element.ts';
import { decodeAttributeMessage, encodeAttributeMessage } from './attributes-codec.ts';
import { decodeCib, encodeCib } from './cib-codec.ts';
import { decodeController, encodeController } from './controller-codec.ts';
import { decodeFencerMessage, encodeFencerMessage } from './fencer-codec.ts';
import type { PeerMessage } from './peer.ts';

export function encodePeer(message: PeerMessage): XmlElement {
  switch (message.to) {
    case 'controller':
      return element('message', { to: message.to }, [encodeController(message.body)]);
    case 'attributes':
      return element('message', { to: message.to }, [encodeAttributeMessage(message.body)]);
    case 'cib':
      return element('message', { to: message.to }, [encodeCib(message.body)]);
    case 'fencer':
      return element('message', { to: message.to }, [encodeFencerMessage(message.body)]);
    default:
      return unreachable(message);
  }
}

/** `undefined` where a peer says what is not known here (a newer release): it is passed over. */
export function decodePeer(xml: XmlElement): PeerMessage | undefined {
  const to = attribute(xml, 'to');
  const [inner] = xml.children;
  if (inner === undefined) return undefined;
  if (to === 'controller') {
    const body = decodeController(inner);
    return body === undefined ? undefined : { to, body };
  }
  if (to === 'attributes') {
    const body = decodeAttributeMessage(inner);
    return body === undefined ? undefined : { to, body };
  }
  if (to === 'cib') {
    const body = decodeCib(inner);
    return body === undefined ? undefined : { to, body };
  }
  if (to === 'fencer') {
    const body = decodeFencerMessage(inner);
    return body === undefined ? undefined : { to, body };
  }
  return undefined;
}
