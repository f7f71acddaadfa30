/**
 * Loaded before a server process (`node --import`), it makes the machine's clock wrong by `JIELI_TEST_SKEW_MS`, and by as much
 * again in the other direction from `JIELI_TEST_JUMP_AFTER_MS` on: a clock that somebody sets.
 */
const skewMs = Number(process.env["JIELI_TEST_SKEW_MS"]);
const jumpAfterMs = Number(process.env["JIELI_TEST_JUMP_AFTER_MS"] ?? Infinity);
const RealDate = Date;
const begun = RealDate.now();
const now = () => {
  const real = RealDate.now();
  return real + (real - begun < jumpAfterMs ? skewMs : -skewMs);
};

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parameters, newTarget) =>
    Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, newTarget),
  get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
});
