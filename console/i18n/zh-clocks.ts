/** Limits and the calendar behind them. */
export const clocksZh = {
  unknownYear: "该年没有工作日历，仅按周一至周五推算，日期不可靠",
  pausedFor: "暂停：{{reason}}；如现在恢复，截止 {{due}}",
};
