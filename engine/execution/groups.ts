/** Ids by a key, each group in the order in which its ids came. */
export class Groups {
  readonly #groups = new Map<string, Set<string>>();

  add(key: string, id: string): void {
    const group = this.#groups.get(key);
    if (group) group.add(id);
    else this.#groups.set(key, new Set([id]));
  }

  remove(key: string, id: string): void {
    const group = this.#groups.get(key);
    group?.delete(id);
    if (group?.size === 0) this.#groups.delete(key);
  }

  of(key: string): string[] {
    return [...(this.#groups.get(key) ?? [])];
  }

  count(key: string): number {
    return this.#groups.get(key)?.size ?? 0;
  }

  some(key: string, test: (id: string) => boolean): boolean {
    for (const id of this.#groups.get(key) ?? []) if (test(id)) return true;
    return false;
  }

  keys(): string[] {
    return [...this.#groups.keys()];
  }
}
