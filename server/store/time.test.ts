import { expect, it } from "vitest";
import { DatabaseTime } from "./time.ts";

const noon = Date.parse("2026-11-30T12:00:00.000Z");

it("goes on from the database's time by the counter alone", async () => {
  let counted = 5_000;
  const time = await DatabaseTime.open(
    async () => noon,
    () => counted,
  );
  expect(time.now()).toBe("2026-11-30T12:00:00.000Z");
  counted += 90_000.7;
  expect(time.now()).toBe("2026-11-30T12:01:30.000Z");
});

it("is behind by as long as the answer took, never ahead", async () => {
  let counted = 0;
  const time = await DatabaseTime.open(
    async () => {
      counted += 400;
      return noon;
    },
    () => counted,
  );
  expect(time.ms()).toBe(noon);
});

it("follows the database when it is asked again, also back", async () => {
  let database = noon;
  let counted = 0;
  const time = await DatabaseTime.open(
    async () => database,
    () => counted,
  );
  counted = 10_000;
  database = noon - 3_600_000;
  await time.synchronise();
  expect(time.ms()).toBe(noon - 3_600_000);
});

it("keeps going when the database cannot be asked", async () => {
  let isDown = false;
  let counted = 0;
  const time = await DatabaseTime.open(
    async () => {
      if (isDown) throw new Error("down");
      return noon;
    },
    () => counted,
  );
  isDown = true;
  counted = 3_000;
  await expect(time.synchronise()).rejects.toThrow("down");
  expect(time.ms()).toBe(noon + 3_000);
});
