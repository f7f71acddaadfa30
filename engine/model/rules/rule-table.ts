/**
 * Rules of BPMN 2.0.2 (OMG formal/13-12-09) that a file can break although it is well-formed, by the code that a finding
 * carries. `clause` is the clause of the specification; the texts are ours.
 */
export const rules = {
  FLOW_CROSSES_POOL: rule("7.6.1", "顺序流不能跨越流程（泳池）", "a sequence flow stays within its process"),
  FLOW_END_INVALID: rule(
    "8.4.13",
    "顺序流只能连接事件、活动和网关",
    "a sequence flow connects events, activities and gateways",
  ),
  FLOW_AT_EVENT_SUB_PROCESS: rule(
    "13.5.4",
    "事件子流程不能有进出的顺序流",
    "an event sub-process has no sequence flow in or out",
  ),
  FLOW_AT_COMPENSATION_HANDLER: rule(
    "10.7.1",
    "补偿活动不能有进出的顺序流",
    "a compensation activity has no sequence flow in or out",
  ),
  CONDITION_MISPLACED: rule(
    "8.4.13",
    "只有排他、包容、复杂网关和活动引出的顺序流可以有条件",
    "only flows that leave an exclusive, inclusive or complex gateway or an activity may have a condition",
  ),
  DEFAULT_MISPLACED: rule(
    "8.4.13",
    "只有排他、包容、复杂网关和活动可以有默认顺序流",
    "only an exclusive, inclusive or complex gateway or an activity may have a default flow",
  ),
  EVENT_DEFINITION_MISPLACED: rule("10.5.1", "此处不能使用该类事件", "an event of this kind may not stand here"),
  SUB_PROCESS_START_TRIGGERED: rule(
    "10.5.2",
    "嵌入子流程只能由空开始事件开始",
    "an embedded sub-process begins with a none start event",
  ),
  EVENT_SUB_PROCESS_START_COUNT: rule(
    "13.5.4",
    "事件子流程必须恰有一个开始事件",
    "an event sub-process has exactly one start event",
  ),
  EVENT_MUST_INTERRUPT: rule(
    "10.5.6",
    "错误、取消和补偿事件总是中断",
    "an error, cancel or compensation event always interrupts",
  ),
  CANCEL_END_OUTSIDE_TRANSACTION: rule(
    "10.5.3",
    "取消结束事件只能用于事务子流程",
    "a cancel end event stands in a transaction",
  ),
  CANCEL_BOUNDARY_NOT_ON_TRANSACTION: rule(
    "10.5.4",
    "取消边界事件只能附着在事务子流程上",
    "a cancel boundary event is attached to a transaction",
  ),
  BOUNDARY_IN_OTHER_SCOPE: rule(
    "10.5.4",
    "边界事件必须与所附着的活动处于同一层",
    "a boundary event stands in the scope of its activity",
  ),
  BOUNDARY_ON_EVENT_SUB_PROCESS: rule(
    "13.5.4",
    "事件子流程不能有边界事件",
    "an event sub-process has no boundary event",
  ),
  COMPENSATION_BOUNDARY_FLOW: rule(
    "10.7.1",
    "补偿边界事件不能引出顺序流",
    "no sequence flow leaves a compensation boundary event",
  ),
  COMPENSATION_HANDLER_MISSING: rule(
    "10.7.1",
    "补偿边界事件必须以关联连到一个标记为补偿的活动",
    "an association connects a compensation boundary event with one activity marked for compensation",
  ),
  COMPENSATION_HANDLER_AMBIGUOUS: rule(
    "10.7.1",
    "一个活动只能有一个补偿处理",
    "an activity has one compensation handler",
  ),
  COMPENSATION_TARGET_INVALID: rule(
    "10.5.1",
    "补偿事件指定的活动必须在同一层且可以补偿",
    "a compensation event names an activity of its own scope that something compensates",
  ),
  LINK_TARGET_MISSING: rule(
    "10.5.4",
    "链接抛出事件没有同名的捕获事件",
    "a throwing link has a catching link of its name in the same scope",
  ),
  LINK_TARGET_AMBIGUOUS: rule("10.5.4", "同一层有多个同名的链接捕获事件", "one link catches a name in a scope"),
  LINK_SOURCE_MISSING: rule(
    "10.5.4",
    "链接捕获事件没有同名的抛出事件",
    "a catching link has a throwing link of its name in the same scope",
  ),
  LINK_HAS_INCOMING: rule("10.5.4", "链接捕获事件不能有进入的顺序流", "no sequence flow leads into a catching link"),
  LINK_HAS_OUTGOING: rule("10.5.4", "链接抛出事件不能引出顺序流", "no sequence flow leaves a throwing link"),
  TIMER_AMBIGUOUS: rule(
    "10.5.1",
    "定时事件只能设定日期、时长、周期之一",
    "a timer has one of a date, a duration and a cycle",
  ),
  ERROR_CODE_MISSING: rule("10.5.1", "抛出的错误必须有错误代码", "an error that is thrown has a code"),
  ESCALATION_CODE_MISSING: rule("10.5.1", "抛出的升级必须有升级代码", "an escalation that is thrown has a code"),
  GATEWAY_DIRECTION_BROKEN: rule(
    "10.6.1",
    "网关的连线与其方向（gatewayDirection）不符",
    "the flows of a gateway agree with its gatewayDirection",
  ),
  EVENT_GATEWAY_TOO_FEW: rule(
    "10.6.6",
    "事件网关至少要有两条引出的顺序流",
    "at least two sequence flows leave an event-based gateway",
  ),
  EVENT_GATEWAY_TARGET_SHARED: rule(
    "10.6.6",
    "事件网关后的事件不能有其他进入的顺序流",
    "no other sequence flow leads into an event behind an event-based gateway",
  ),
  EVENT_GATEWAY_MIXED: rule(
    "10.6.6",
    "事件网关后不能混用消息事件和接收任务",
    "message events and receive tasks do not stand behind one event-based gateway",
  ),
  EVENT_GATEWAY_TRIGGER: rule(
    "10.6.6",
    "事件网关后只能是消息、定时、信号、条件或多重事件",
    "only message, timer, signal, conditional and multiple events stand behind an event-based gateway",
  ),
  EVENT_GATEWAY_BOUNDARY: rule(
    "10.6.6",
    "事件网关后的接收任务不能有边界事件",
    "a receive task behind an event-based gateway has no boundary event",
  ),
  EVENT_GATEWAY_PARALLEL: rule(
    "10.6.6",
    "只有实例化的事件网关可以是并行的",
    "only an instantiating event-based gateway may be parallel",
  ),
  INSTANTIATE_HAS_INCOMING: rule(
    "10.6.6",
    "启动流程的网关或接收任务不能有进入的顺序流",
    "what starts a process has no incoming sequence flow",
  ),
  LOOP_AMBIGUOUS: rule(
    "10.3.8",
    "多实例不能同时指定次数和集合",
    "multi-instance has a cardinality or a collection, not both",
  ),
  LOOP_MAXIMUM_INVALID: rule(
    "10.3.8",
    "循环的最多次数必须是正整数",
    "the maximum of a loop is a whole number above zero",
  ),
  QUANTITY_INVALID: rule(
    "10.3.2",
    "startQuantity 和 completionQuantity 必须是正整数",
    "startQuantity and completionQuantity are whole numbers above zero",
  ),
  AD_HOC_HOLDS_EVENT: rule(
    "10.3.5",
    "即席子流程不能有开始或结束事件",
    "an ad-hoc sub-process has no start and no end event",
  ),
  AD_HOC_EMPTY: rule("10.3.5", "即席子流程必须含有活动", "an ad-hoc sub-process holds an activity"),
  SCRIPT_MISSING: rule("10.3.3", "脚本任务必须有脚本", "a script task has a script"),
  MESSAGE_FLOW_DANGLING: rule("9.4", "消息流缺少起点或终点", "a message flow has a source and a target"),
  MESSAGE_FLOW_WITHIN_POOL: rule(
    "9.4",
    "消息流必须连接两个不同的参与方",
    "a message flow connects two different participants",
  ),
  MESSAGE_FLOW_SOURCE: rule(
    "9.4",
    "消息流只能从参与方、活动或消息抛出事件引出",
    "a message flow leaves a participant, an activity or a throwing message event",
  ),
  MESSAGE_FLOW_TARGET: rule(
    "9.4",
    "消息流只能指向参与方、活动或消息捕获事件",
    "a message flow leads to a participant, an activity or a catching message event",
  ),
  PARTICIPANT_MULTIPLICITY: rule(
    "9.3",
    "参与方的最小数量大于最大数量",
    "the minimum of a participant is not above its maximum",
  ),
  LANE_NODE_FOREIGN: rule("10.8", "泳道只能包含本流程的元素", "a lane holds elements of its own process"),
  LANE_NODE_TWICE: rule(
    "10.8",
    "一个元素不能同时在同一泳道集的两个泳道中",
    "an element stands in one lane of a lane set",
  ),
  DATA_REFERENCE_EMPTY: rule("10.4.1", "数据对象引用必须指向数据对象", "a data object reference names a data object"),
  DATA_SOURCES_AMBIGUOUS: rule(
    "10.4.2",
    "没有转换的数据关联只能有一个来源",
    "a data association without a transformation has one source",
  ),
  DATA_SETS_MISSING: rule(
    "10.4.2",
    "输入输出规格必须有输入集和输出集",
    "an ioSpecification has an input set and an output set",
  ),
  DATA_SET_FOREIGN: rule(
    "10.4.2",
    "输入集和输出集只能包含本规格的数据",
    "an input or output set names data of its own specification",
  ),
  CORRELATION_UNRETRIEVABLE: rule(
    "8.4.2",
    "关联属性至少要有一个取值表达式",
    "a correlation property has at least one retrieval expression",
  ),
  CORRELATION_RETRIEVAL_INCOMPLETE: rule(
    "8.4.2",
    "关联取值表达式必须指定消息和路径",
    "a correlation retrieval names a message and a path",
  ),
  CORRELATION_SUBSCRIPTION_KEYLESS: rule(
    "8.4.2",
    "关联订阅必须指定关联键",
    "a correlation subscription names a correlation key",
  ),
  CORRELATION_BINDING_INCOMPLETE: rule(
    "8.4.2",
    "关联绑定必须指定属性和数据路径",
    "a correlation binding names a property and a data path",
  ),
  CORRELATION_BINDING_FOREIGN: rule(
    "8.4.2",
    "关联绑定的属性必须属于订阅的关联键",
    "a correlation binding names a property of the key that is subscribed to",
  ),
} as const;

export type RuleCode = keyof typeof rules;

export interface Rule {
  readonly clause: string;
  readonly zh: string;
  readonly en: string;
}

function rule(clause: string, zh: string, en: string): Rule {
  return { clause, zh, en };
}
