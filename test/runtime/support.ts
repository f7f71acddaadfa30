import type { NoticeSettings } from "../../server/notices/settings.ts";
import { Runtime } from "../../server/runtime/runtime.ts";
import type { Row } from "../../server/store/store.ts";
import { shippedContent } from "../support/shipped-content.ts";
import { testTime } from "../support/test-time.ts";
import type { TestDatabase } from "../mariadb/test-database.ts";

/** A server without its ticks on a test's database, with demo data; tests sweep themselves. Opening again is a restart, or another node. */
export async function openRuntime({ databaseUrl, file }: TestDatabase, notices?: NoticeSettings): Promise<Runtime> {
  const demo = { demo: true, demoTime: testTime, ticking: false } as const;
  const content = await shippedContent();
  return Runtime.open({ databaseUrl, file, content, ...demo, ...(notices ? { notices } : {}) });
}

/** A text column of a row that must be there. */
export function text(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== "string") throw new Error(`no text in ${column}`);
  return value;
}

/** The stored state of an instance row. */
export function type(row: Row | undefined): Record<string, unknown> {
  return JSON.parse(text(row, "state")) as Record<string, unknown>;
}
