/** What does not stop a process from being published, but leaves its people without something they would miss. */
export const limitAdvice = {
  LIMIT_MISSING: {
    clause: "jieli:limit",
    zh: {
      rule: "用户任务及其所在的子流程、流程都没有时限，也没有附着定时器：无人被提醒，逾期无人知晓",
      mend: "请为该任务或其所在的子流程填写时限代码（jieli:limit），或附着定时器",
    },
    en: {
      rule: "neither the user task nor what encloses it has a limit, and no timer is attached: nobody is reminded and no breach is seen",
      mend: "write a limit code (jieli:limit) on the task or on its sub-process, or attach a timer",
    },
  },
} as const;
