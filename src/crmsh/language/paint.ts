/** Colour for the parts of speech of crm syntax; `PLAIN` leaves the words as they are. */
export interface Paint {
  readonly keyword: (word: string) => string;
  readonly id: (word: string) => string;
  readonly name: (word: string) => string;
  readonly value: (word: string) => string;
  readonly reference: (word: string) => string;
  readonly score: (word: string) => string;
}

const asIs = (word: string): string => word;

export const PLAIN: Paint = {
  keyword: asIs,
  id: asIs,
  name: asIs,
  value: asIs,
  reference: asIs,
  score: asIs,
};
