/** State of the generator xoshiro128** (Blackman and Vigna, 2018): four words of 32 bits, not all zero. */
export type RandomState = readonly [number, number, number, number];

/** The next word of 32 bits and the state after it. Pure: the same state gives the same word on every machine. */
export function nextWord([a, b, c, d]: RandomState): readonly [word: number, state: RandomState] {
  const word = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
  const third = c ^ a;
  const fourth = d ^ b;
  return [word, [a ^ fourth, b ^ third, third ^ (b << 9), rotate(fourth, 11)]];
}

/**
 * A stream of its own for what `labels` name (a case, a step of it, how often it was reached), so that a change in one place
 * draws nothing different in any other: two scenarios can be compared case by case.
 */
export function streamOf(seed: number, ...labels: readonly (string | number)[]): RandomStream {
  let key = mix(seed >>> 0, 0x9e3779b9);
  for (const label of labels) key = mix(key, typeof label === "number" ? label : hash(label));
  const words = [1, 2, 3, 4].map((nth) => mix(key, Math.imul(nth, 0x9e3779b9)));
  const [a = 0, b = 0, c = 0, d = 0] = words;
  return new RandomStream([a, b, c, d | 1]);
}

/** Numbers from one stream, in order. */
export class RandomStream {
  #state: RandomState;

  constructor(state: RandomState) {
    this.#state = state;
  }

  /** At least 0, less than 1, in steps of 2⁻⁵³. */
  uniform(): number {
    return ((this.#word() >>> 5) * 67_108_864 + (this.#word() >>> 6)) / 9_007_199_254_740_992;
  }

  #word(): number {
    const [word, state] = nextWord(this.#state);
    this.#state = state;
    return word;
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Two rounds of the finaliser of MurmurHash3: every bit of both words reaches every bit of the result. */
function mix(key: number, word: number): number {
  let mixed = key ^ Math.imul(word, 0x85ebca6b);
  for (let round = 0; round < 2; round += 1) {
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed = (mixed ^ (mixed >>> 16)) + 0x6d2b79f5;
  }
  return mixed >>> 0;
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let hashed = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hashed = Math.imul(hashed ^ text.charCodeAt(index), 0x01000193);
  return hashed >>> 0;
}
