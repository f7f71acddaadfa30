interface Entry<T> {
  readonly at: number;
  readonly nth: number;
  readonly item: T;
}

/** What will happen, by moment (milliseconds since 1970); what falls on one moment happens in the order in which it was put in. */
export class EventQueue<T> {
  readonly #heap: Entry<T>[] = [];
  #count = 0;

  get size(): number {
    return this.#heap.length;
  }

  push(at: number, item: T): void {
    const entry = { at, nth: this.#count, item };
    this.#count += 1;
    let place = this.#heap.length;
    for (let above = (place - 1) >> 1; place > 0; above = (place - 1) >> 1) {
      const parent = this.#heap[above];
      if (!parent || !isBefore(entry, parent)) break;
      this.#heap[place] = parent;
      place = above;
    }
    this.#heap[place] = entry;
  }

  pop(): { readonly at: number; readonly item: T } | null {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (!first || !last) return null;
    if (this.#heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(entry: Entry<T>): void {
    let place = 0;
    for (let next = this.#smallerChild(place); next; next = this.#smallerChild(place)) {
      if (!isBefore(next.entry, entry)) break;
      this.#heap[place] = next.entry;
      place = next.place;
    }
    this.#heap[place] = entry;
  }

  #smallerChild(place: number): { entry: Entry<T>; place: number } | null {
    const left = this.#heap[2 * place + 1];
    const right = this.#heap[2 * place + 2];
    if (!left) return null;
    return right && isBefore(right, left)
      ? { entry: right, place: 2 * place + 2 }
      : { entry: left, place: 2 * place + 1 };
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.at < b.at || (a.at === b.at && a.nth < b.nth);
}
