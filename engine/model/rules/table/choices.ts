/** What a task may let its handler choose: other branches than a gateway's conditions give, and the people of later steps. */
export const choiceRules = {
  CHOICE_BRANCH_UNKNOWN: {
    clause: "jieli:branches",
    zh: { rule: "可人工选择的去向须是排他网关引出的顺序流", mend: "请写顺序流的标识，或删去它" },
    en: {
      rule: "a branch that may be chosen by hand is a sequence flow out of an exclusive gateway",
      mend: "name the flow by its id, or leave it out",
    },
  },
  CHOICE_TOO_FEW: {
    clause: "jieli:branches",
    zh: { rule: "人工选择去向至少要有两条顺序流", mend: "请再列一条，或去掉人工选择" },
    en: { rule: "a choice is between two branches at least", mend: "name another one, or do without the choice" },
  },
  CHOICE_GATEWAY_APART: {
    clause: "jieli:branches",
    zh: {
      rule: "可人工选择的去向须出自同一个排他网关，且任务与该网关之间只能有排他网关",
      mend: "请只列该网关的顺序流，或把网关移到任务之后",
    },
    en: {
      rule: "the branches of a choice leave one exclusive gateway, and only exclusive gateways stand between it and the task",
      mend: "name flows of that gateway alone, or put it behind the task",
    },
  },
  CHOICE_STEP_UNKNOWN: {
    clause: "jieli:peopleFor",
    zh: { rule: "为其选定人员的环节须是本流程中之后的用户任务", mend: "请写之后某个用户任务的标识" },
    en: {
      rule: "a step whose people are chosen is a later user task of the same process",
      mend: "name a user task to which a path leads",
    },
  },
  CHOICE_ROLE_MISSING: {
    clause: "jieli:peopleFor",
    zh: { rule: "为其选定人员的环节须写明角色，否则无人可选", mend: "请在该环节填写 jieli:role" },
    en: {
      rule: "a step whose people are chosen names the role that they hold, or nobody could be chosen",
      mend: "write its jieli:role",
    },
  },
  CHOICE_STEP_MISSING: {
    clause: "jieli:peopleRequired",
    zh: { rule: "必须选定人员时须写明为哪个环节选定", mend: "请填写 jieli:peopleFor" },
    en: {
      rule: "where people must be chosen, the step is named that they are chosen for",
      mend: "write jieli:peopleFor",
    },
  },
  CHOICE_OF_SEVERAL: {
    clause: "jieli:branches",
    zh: {
      rule: "多实例或循环的任务不能人工选择，也不能为其选定人员",
      mend: "请改用会签（jieli:approval），或去掉人工选择",
    },
    en: {
      rule: "a task that runs several times neither chooses nor has its people chosen",
      mend: "let several sign it (jieli:approval), or do without the choice",
    },
  },
} as const;
