import { join } from "node:path";
import { loadContent, type Content } from "../../server/content/load-content.ts";
import { packageRoot } from "../../server/content/package-root.ts";

let shipped: Promise<Content> | null = null;

/** What ships, read once however many servers a test file starts. Frozen: none of them can change it for the next. */
export function shippedContent(): Promise<Content> {
  shipped ??= loadContent(join(packageRoot(), "processes")).then(frozen);
  return shipped;
}

function frozen<T>(value: T): T {
  if (value === null || typeof value !== "object" || Object.isFrozen(value)) return value;
  if (value instanceof Map) value.forEach(frozen);
  else Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
