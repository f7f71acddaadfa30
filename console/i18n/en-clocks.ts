export const clocksEn = {
  unknownYear: "no working-day calendar for that year: reckoned by Monday to Friday alone and not to be relied on",
  pausedFor: "paused: {{reason}}; due {{due}} if it went on now",
};
