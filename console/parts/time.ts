/** Instants as people in China read them, whatever the browser's zone: fixed +08:00. */
export function chinaTime(instant: string | null): string {
  return instant === null
    ? "—"
    : new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
}

/** The instant of what somebody wrote into a `datetime-local` field, which means a moment in China; `null` for nothing. */
export function instantOf(local: string): string | null {
  return local === "" ? null : new Date(`${local}:00+08:00`).toISOString();
}
