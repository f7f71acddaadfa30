import { describe, expect, it } from "vitest";
import { fiveFields, isCronWithSeconds } from "./cron.ts";

describe("cron text with seconds", () => {
  it.each([
    ["0 0 9 ? * MON-FRI", "juel", "0 9 * * MON-FRI"],
    ["0 0 9 ? * 2-6", "juel", "0 9 * * 1-5"],
    ["0 0 9 ? * 1,7", "juel", "0 9 * * 0,6"],
    ["0 0 9 ? * 2-6 *", "juel", "0 9 * * 1-5"],
    ["0 0/15 8-17 * * ?", "juel", "0-59/15 8-17 * * *"],
    ["0 5/10 * * * ?", "juel", "5-59/10 * * * *"],
    ["0 */5 * * * ?", "juel", "*/5 * * * *"],
    ["0 0 0 1 1/3 ?", "juel", "0 0 1 1-12/3 *"],
    ["0 0 9 ? * WED", "juel", "0 9 * * WED"],
    ["0 0 9 * * 1-5", "feel", "0 9 * * 1-5"],
    ["0 0 9 * * *", "feel", "0 9 * * *"],
  ] as const)("%s (%s) is %s in five fields", (text, dialect, five) => {
    expect(isCronWithSeconds(text)).toBe(true);
    expect(fiveFields(text, dialect)).toEqual({ type: "cron", text: five });
  });

  it.each([
    ["30 0 9 * * ?", "seconds"],
    ["*/10 * * * * ?", "seconds"],
    ["0 0 9 ? * MON 2027", "year"],
    ["0 0 9 L * ?", "L, W or #"],
    ["0 0 9 15W * ?", "L, W or #"],
    ["0 0 9 ? * 6#3", "L, W or #"],
    ["0 0 9 1 * MON", "both"],
    ["0 0 9 ? * 8", "five fields"],
    ["0 0 25 * * ?", "five fields"],
  ])("%s is left out: %s", (text, reason) => {
    const cron = fiveFields(text, "juel");
    expect(cron.type).toBe("refused");
    if (cron.type === "refused") expect(cron.reason.en).toContain(reason);
  });

  it.each(["R3/PT1H", "0 9 * * 1-5", "=cron", "${cron} a b c d e"])("%s is none", (text) => {
    expect(isCronWithSeconds(text)).toBe(false);
  });
});
