/**
 * MD5 (RFC 1321) of texts: the sum by which the field tells whether parameters or documents are the same. It protects
 * nothing. It is our own because nearly all that is summed is a line or two, for which a library does more beside.
 */

/** 32 hexadecimal digits; the text counts as UTF-8. */
export function md5(text: string): string {
  state.set(BEGINNING);
  block.fill(0);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) {
      // As `add` does; nearly all comes this way.
      const to = (length & (BLOCK - 1)) >> 2;
      block[to] = (block[to] as number) | (code << ((length & 3) * 8));
      length += 1;
      if ((length & (BLOCK - 1)) === 0) sumBlock();
    } else {
      const point = text.codePointAt(at) as number;
      length = addBeyondAscii(length, point);
      if (point > 0xffff) at += 1;
    }
  }
  finish(length);
  return hexadecimal();
}

const BEGINNING = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
const state = new Int32Array(4);

/** What is not summed yet, in words whose first byte is the lowest. */
const block = new Int32Array(16);
const BLOCK = 64;
/** Behind the last byte and the mark after it there must be room for the length. */
const ROOM = 8;

/** Adds a byte as the one at `length`; returns the new length. */
function add(length: number, byte: number): number {
  const at = length % BLOCK;
  block[at >> 2] = (block[at >> 2] as number) | (byte << ((at & 3) * 8));
  if (at === BLOCK - 1) sumBlock();
  return length + 1;
}

function addBeyondAscii(length: number, point: number): number {
  // Half of a pair stands for no character.
  const counted = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
  if (counted < 0x800) return addRest(add(length, 0xc0 | (counted >> 6)), counted, 1);
  if (counted < 0x10000) return addRest(add(length, 0xe0 | (counted >> 12)), counted, 2);
  return addRest(add(length, 0xf0 | (counted >> 18)), counted, 3);
}

function addRest(length: number, point: number, count: number): number {
  let to = length;
  for (let left = count - 1; left >= 0; left -= 1) to = add(to, 0x80 | ((point >> (left * 6)) & 0x3f));
  return to;
}

/** The end is marked by a bit, and the last block ends with the length in bits. */
function finish(length: number): void {
  const marked = add(length, 0x80);
  if (marked % BLOCK > BLOCK - ROOM) sumBlock();
  block[14] = length << 3;
  block[15] = Math.floor(length / 2 ** 29);
  sumBlock();
}

/** By how many bits is turned, by round and by place among four. */
const TURNS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
].flatMap(four => [...four, ...four, ...four, ...four]);
const CONSTANTS = Int32Array.from({ length: 64 }, (_, at) => 2 ** 32 * Math.abs(Math.sin(at + 1)));

/** Takes the block into the sum, and clears it. */
function sumBlock(): void {
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  for (let at = 0; at < 64; at += 1) {
    let mixed: number;
    let word: number;
    if (at < 16) {
      mixed = (b & c) | (~b & d);
      word = at;
    } else if (at < 32) {
      mixed = (d & b) | (~d & c);
      word = 5 * at + 1;
    } else if (at < 48) {
      mixed = b ^ c ^ d;
      word = 3 * at + 5;
    } else {
      mixed = c ^ (b | ~d);
      word = 7 * at;
    }
    const sum = (a + mixed + (CONSTANTS[at] as number) + (block[word & 15] as number)) | 0;
    const turn = TURNS[at] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  block.fill(0);
}

const digits: number[] = new Array(32).fill(0);

function hexadecimal(): string {
  for (let at = 0; at < 32; at += 1) {
    const digit = ((state[at >> 3] as number) >> (((at & 7) ^ 1) * 4)) & 15;
    digits[at] = digit < 10 ? ZERO + digit : LETTER_A + digit - 10;
  }
  return String.fromCharCode(...digits);
}

const ZERO = 48;
const LETTER_A = 97;
