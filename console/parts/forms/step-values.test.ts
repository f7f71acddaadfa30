import { describe, expect, it } from "vitest";
import { stepValues } from "./step-values.ts";

const deliver = { id: "deliver", name: { zh: "提供数据", en: "Delivery" }, components: [] };
const granted = {
  items: [{ code: "tenant", name: "承租人", mask: null, narrowing: null }],
  regionFilter: "520102",
  mode: "query",
  frequency: null,
  volume: null,
  from: null,
  to: null,
};

describe("the form of a delivery", () => {
  it("begins with the way of delivery that was granted", () => {
    expect(stepValues({ form: deliver, data: { delivery: granted }, filled: [] })).toEqual({ deliveryMode: "query" });
  });

  it("begins, after a rejection, as it was delivered before, without what belongs to that delivery alone", () => {
    const values = { deliveryMode: "file", endpoint: "/exchange/7", rowCount: 120, fileHash: "ab12" };
    const filled = [{ form: deliver, values }] as unknown as Parameters<typeof stepValues>[0]["filled"];
    expect(stepValues({ form: deliver, data: { delivery: granted }, filled })).toEqual({
      deliveryMode: "file",
      endpoint: "/exchange/7",
    });
  });

  it("begins empty where nothing was granted, and other forms do not begin with it", () => {
    expect(stepValues({ form: deliver, data: {}, filled: [] })).toEqual({});
    expect(stepValues({ form: { ...deliver, id: "accept" }, data: { delivery: granted }, filled: [] })).toEqual({});
  });
});
