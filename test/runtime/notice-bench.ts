import { instantAt } from "../../engine/calendar/dates.ts";
import { announce, type Announcement } from "../../server/notices/announce.ts";
import { noticeSettings, type NoticeSettings } from "../../server/notices/settings.ts";
import type { Runtime } from "../../server/runtime/runtime.ts";
import type { Parameter } from "../../server/store/store.ts";
import { createTestDatabase, type TestDatabase } from "../mariadb/test-database.ts";
import { HookReceiver, MailReceiver } from "../support/receivers.ts";
import { openRuntime } from "./support.ts";

export const allow = { JIELI_WEBHOOK_ALLOW: "127.0.0.1" };
/** A person of the demo, who is told by name. */
export const chen = "u-chen";

/** A server with a mail server and a web server beside it, on a Monday at 10:00. */
export class NoticeBench {
  runtime: Runtime;
  readonly database: TestDatabase;
  readonly settings: NoticeSettings;
  readonly post: MailReceiver;
  readonly hook: HookReceiver;
  readonly hookUrl: string;

  private constructor(parts: Pick<NoticeBench, "runtime" | "database" | "settings" | "post" | "hook" | "hookUrl">) {
    this.runtime = parts.runtime;
    this.database = parts.database;
    this.settings = parts.settings;
    this.post = parts.post;
    this.hook = parts.hook;
    this.hookUrl = parts.hookUrl;
  }

  static async open(): Promise<NoticeBench> {
    const database = await createTestDatabase();
    const [post, hook] = [new MailReceiver(), new HookReceiver()];
    const hookUrl = await hook.open();
    const settings = noticeSettings({
      ...allow,
      JIELI_PUBLIC_URL: "https://jieli.example/",
      JIELI_SMTP_URL: await post.open(),
      JIELI_MAIL_FROM: "jieli@example.gov.cn",
    });
    const runtime = await openRuntime(database, settings);
    await runtime.movable?.moveTo(instantAt("2026-11-30", "10:00"));
    return new NoticeBench({ runtime, database, settings, post, hook, hookUrl });
  }

  async close(): Promise<void> {
    await this.runtime.close();
    await this.database.remove();
    await this.post.close();
    await this.hook.close();
  }

  async tell(changes: Partial<Announcement> = {}): Promise<void> {
    const announcement: Announcement = {
      kind: "limit.breached",
      instanceId: null,
      taskId: null,
      to: [{ person: chen }],
      params: { case: "DS03-1", "limit.zh": "答复期限", "limit.en": "Reply limit", due: "2026-11-27" },
      at: this.runtime.clock.now(),
      by: null,
      ...changes,
    };
    await this.runtime.store.transaction((tx) => announce(tx, announcement));
  }

  /** What the person who is told by name chose. */
  async choose(changes: Record<string, Parameter> = {}): Promise<void> {
    await this.runtime.store.transaction((tx) =>
      tx.insert("notice_preference", {
        person_id: chen,
        language: "en",
        mail: "chen@example.gov.cn",
        quiet_from: "20:00",
        quiet_to: "08:00",
        rest_days_quiet: 1,
        digest_at: null,
        choices: "{}",
        updated_at: this.runtime.clock.now(),
        ...changes,
      }),
    );
  }

  async register(type: "webhook" | "wecom" | "dingtalk"): Promise<void> {
    await this.runtime.store.transaction((tx) =>
      tx.insert("notice_endpoint", {
        id: `${type}-1`,
        type,
        name: type,
        organisation_id: type === "webhook" ? null : "nm-data",
        url: `${this.hookUrl}/${type}?key=secret`,
        secret: type === "wecom" ? "" : "SECabc",
        groups_told: '["limits","tasks","faults"]',
        language: "zh",
        quiet_from: null,
        quiet_to: null,
        rest_days_quiet: 0,
        active: 1,
        created_by: "test",
        created_at: this.runtime.clock.now(),
        updated_at: this.runtime.clock.now(),
      }),
    );
  }

  /** Who was told, in the order of their ids. */
  async messages(): Promise<unknown[]> {
    await this.runtime.notices.sweep();
    const rows = await this.runtime.store.read("SELECT person_id FROM notice_message ORDER BY person_id");
    return rows.map((row) => row["person_id"]);
  }

  /** Channel, state, attempts and last error of each delivery. */
  async deliveries(): Promise<unknown[][]> {
    const rows = await this.runtime.store.read(
      "SELECT channel, state, attempts, last_error FROM notice_delivery ORDER BY created_at, id",
    );
    return rows.map((row) => [row["channel"], row["state"], Number(row["attempts"]), row["last_error"]]);
  }

  /** What a sweep sends at this time in China. */
  async moved(date: string, time: string): Promise<number> {
    await this.runtime.movable?.moveTo(instantAt(date, time));
    return this.runtime.notices.sweep();
  }
}
