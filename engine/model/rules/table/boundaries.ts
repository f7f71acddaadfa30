/** Where boundary events may stand, and how compensation hangs on them. */
export const boundaryRules = {
  BOUNDARY_DANGLING: {
    clause: "10.5.4",
    zh: { rule: "边界事件必须附着在活动上", mend: "请把它附着在活动上" },
    en: { rule: "a boundary event is attached to an activity", mend: "attach it to one" },
  },
  BOUNDARY_IN_OTHER_SCOPE: {
    clause: "10.5.4",
    zh: { rule: "边界事件必须与所附着的活动处于同一层", mend: "请移到活动所在的层" },
    en: { rule: "a boundary event stands in the scope of its activity", mend: "move it there" },
  },
  BOUNDARY_ON_EVENT_SUB_PROCESS: {
    clause: "13.5.4",
    zh: { rule: "事件子流程不能有边界事件", mend: "请附着在外层子流程上" },
    en: { rule: "an event sub-process has no boundary event", mend: "attach it to the sub-process around" },
  },
  CANCEL_BOUNDARY_NOT_ON_TRANSACTION: {
    clause: "10.5.4",
    zh: { rule: "取消边界事件只能附着在事务子流程上", mend: "请附着在事务子流程上，或换一类事件" },
    en: {
      rule: "a cancel boundary event is attached to a transaction",
      mend: "attach it to one, or choose another kind of event",
    },
  },
  COMPENSATION_BOUNDARY_FLOW: {
    clause: "10.7.1",
    zh: { rule: "补偿边界事件不能引出顺序流", mend: "请改用关联连到补偿活动" },
    en: {
      rule: "no sequence flow leaves a compensation boundary event",
      mend: "connect its handler by an association",
    },
  },
  COMPENSATION_HANDLER_MISSING: {
    clause: "10.7.1",
    zh: { rule: "补偿边界事件必须以关联连到一个标记为补偿的活动", mend: "请用关联连到补偿活动" },
    en: {
      rule: "an association connects a compensation boundary event with an activity marked for compensation",
      mend: "connect it with such an activity",
    },
  },
  COMPENSATION_HANDLER_AMBIGUOUS: {
    clause: "10.7.1",
    zh: { rule: "一个活动只能有一个补偿处理", mend: "请只保留一个" },
    en: { rule: "an activity has one compensation handler", mend: "keep one of them" },
  },
  COMPENSATION_HANDLER_IN_OTHER_SCOPE: {
    clause: "10.7.1",
    zh: { rule: "补偿活动必须与补偿边界事件处于同一层", mend: "请移到边界事件所在的层" },
    en: { rule: "a compensation activity stands in the scope of its boundary event", mend: "move it there" },
  },
  COMPENSATION_HANDLER_UNUSED: {
    clause: "10.7.1",
    zh: { rule: "标记为补偿的活动必须由补偿边界事件的关联引到", mend: "请用关联把它连到补偿边界事件，或取消标记" },
    en: {
      rule: "an activity marked for compensation is reached by an association from a compensation boundary event",
      mend: "connect it, or take the mark away",
    },
  },
} as const;
