/**
 * What people are told of. `{{name}}` stands for a parameter of the announcement; where there is one parameter for each
 * language (`name.zh`, `name.en`), the reader's is taken. `{{case}}` (case number) and `{{step}}` are filled in from the
 * announcement's case and task where no parameter gives them.
 *
 * The subject goes out by mail, webhook and robot, so it names `outsideParameters` alone. The body is shown only in the product
 * to the person addressed.
 */
interface KindSpec {
  /** What a person chooses channels by. */
  readonly group: NoticeGroup;
  /** Goes out at once, in quiet hours and on rest days, too. */
  readonly isUrgent: boolean;
  readonly subject: Bilingual;
  readonly body: Bilingual;
}

interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** What webhooks and robots can be told of. */
export const endpointGroups = ["tasks", "cases", "talk", "limits", "sharing", "faults"] as const;
export type EndpointGroup = (typeof endpointGroups)[number];

/** What people can be told of. Who watches which case is nobody else's business. */
export const noticeGroups = [...endpointGroups, "watching"] as const;
export type NoticeGroup = (typeof noticeGroups)[number];

/** All that leaves the product: never contents of forms, opinions or names of people. */
export const outsideParameters: ReadonlySet<string> = new Set([
  "case",
  "step",
  "due",
  "limit",
  "measure",
  "count",
  "milestone",
]);

const kind = (group: NoticeGroup, subject: Bilingual, body: Bilingual): KindSpec => ({
  group,
  isUrgent: false,
  subject,
  body,
});
const urgent = (group: NoticeGroup, subject: Bilingual, body: Bilingual): KindSpec => ({
  ...kind(group, subject, body),
  isUrgent: true,
});

const told = {
  "task.arrived": kind(
    "tasks",
    { zh: "新待办：{{case}} {{step}}", en: "New task: {{step}}, {{case}}" },
    { zh: "“{{subject}}”到了您这里的环节：{{step}}。", en: "“{{subject}}” has come to a step of yours: {{step}}." },
  ),
  "case.supplement": kind(
    "tasks",
    { zh: "需要补正：{{case}}", en: "A supplement is asked for: {{case}}" },
    { zh: "“{{subject}}”需要补正，请查看缺项。", en: "“{{subject}}” needs a supplement; look at what is missing." },
  ),
  "case.returned": kind(
    "cases",
    { zh: "已退回：{{case}} {{step}}", en: "Returned: {{step}}, {{case}}" },
    {
      zh: "“{{subject}}”被退回到您这里的环节“{{step}}”，请查看一次性告知的问题。",
      en: "“{{subject}}” was returned to your step “{{step}}”; look at what was told to be wrong.",
    },
  ),
  "case.decided": kind(
    "cases",
    { zh: "已作出决定：{{case}}", en: "Decided: {{case}}" },
    { zh: "“{{subject}}”已作出决定：{{outcome}}。", en: "“{{subject}}” was decided: {{outcome}}." },
  ),
  "case.ended": kind(
    "cases",
    { zh: "已办结：{{case}}", en: "Closed: {{case}}" },
    { zh: "“{{subject}}”已经办结。", en: "“{{subject}}” is closed." },
  ),
  "case.delivered": kind(
    "tasks",
    { zh: "数据已提供：{{case}}", en: "Data delivered: {{case}}" },
    { zh: "“{{subject}}”的数据已提供，请验收。", en: "The data of “{{subject}}” are delivered; please test them." },
  ),
  "limit.extended": kind(
    "limits",
    { zh: "期限延长：{{case}} 至 {{due}}", en: "Limit extended: {{case}}, until {{due}}" },
    {
      zh: "“{{subject}}”的期限“{{limit}}”延长 {{days}} 个工作日，至 {{due}}。",
      en: "The limit “{{limit}}” of “{{subject}}” is extended by {{days}} working day(s), until {{due}}.",
    },
  ),
  "limit.moved": kind(
    "limits",
    { zh: "期限变动：{{case}}（{{limit}}）至 {{due}}", en: "Limit moved: {{case}} ({{limit}}), to {{due}}" },
    {
      zh: "“{{subject}}”的期限“{{limit}}”由 {{before}} 改为 {{due}}：{{why}}。",
      en: "“{{limit}}” of “{{subject}}” ends on {{due}}, not on {{before}}: {{why}}.",
    },
  ),
  "limit.breached": kind(
    "limits",
    { zh: "已逾期：{{case}}（{{limit}}）", en: "Overdue: {{case}} ({{limit}})" },
    { zh: "“{{subject}}”的期限“{{limit}}”已于 {{due}} 到期。", en: "“{{limit}}” of “{{subject}}” ended on {{due}}." },
  ),
  "limit.supervised": kind(
    "limits",
    { zh: "{{measure}}：{{case}}（{{limit}}）", en: "{{measure}}: {{case}} ({{limit}})" },
    { zh: "“{{subject}}”：{{measure}}，期限“{{limit}}”。", en: "“{{subject}}”: {{measure}}, limit “{{limit}}”." },
  ),
  "grant.endsSoon": kind(
    "sharing",
    { zh: "授权即将到期：{{case}}（{{due}}）", en: "Access ends soon: {{case}} ({{due}})" },
    { zh: "“{{subject}}”的授权将于 {{due}} 到期。", en: "The access to “{{subject}}” ends on {{due}}." },
  ),
  "grant.unused": kind(
    "sharing",
    { zh: "授权一直未使用：{{case}}", en: "Access is not used: {{case}}" },
    {
      zh: "“{{subject}}”的授权验收后一直没有使用，请说明或释放。",
      en: "The access to “{{subject}}” has not been used since its acceptance; explain it or give it up.",
    },
  ),
  "grant.unreachable": kind(
    "sharing",
    { zh: "已提供的接口无法访问：{{case}}", en: "Delivered access does not answer: {{case}}" },
    {
      zh: "“{{subject}}”的接口连续探测失败，请提供方检查。",
      en: "Probe after probe of the access to “{{subject}}” failed; the provider has to look at it.",
    },
  ),
  "grant.switchOffLate": kind(
    "sharing",
    { zh: "未确认关闭访问：{{case}}", en: "Switch-off not confirmed: {{case}}" },
    {
      zh: "“{{subject}}”的访问已终止，但尚未确认关闭。请立即关闭并确认。",
      en: "The access to “{{subject}}” is over and its switch-off is not confirmed. Switch it off and confirm it now.",
    },
  ),
  "grant.suspended": urgent(
    "sharing",
    { zh: "访问已中止：{{case}}", en: "Access suspended: {{case}}" },
    {
      zh: "“{{subject}}”的访问已中止，原因见办理记录。",
      en: "The access to “{{subject}}” is suspended; see its history.",
    },
  ),
  "grant.restored": kind(
    "sharing",
    { zh: "访问已恢复：{{case}}", en: "Access restored: {{case}}" },
    { zh: "“{{subject}}”的访问已恢复。", en: "The access to “{{subject}}” is restored." },
  ),
  "grant.renewed": kind(
    "sharing",
    { zh: "授权已续期：{{case}}（至 {{due}}）", en: "Access renewed: {{case}} (until {{due}})" },
    { zh: "“{{subject}}”的授权已续期至 {{due}}。", en: "The access to “{{subject}}” was renewed until {{due}}." },
  ),
  "grant.notRenewed": kind(
    "sharing",
    { zh: "续期未获同意：{{case}}（至 {{due}}）", en: "Renewal refused: {{case}} (until {{due}})" },
    {
      zh: "“{{subject}}”的续期未获同意，授权仍至 {{due}} 止，理由见办理记录。",
      en: "The renewal of the access to “{{subject}}” was refused; it ends on {{due}}. See its history for the reasons.",
    },
  ),
  "grant.narrowed": kind(
    "sharing",
    { zh: "授权范围缩小：{{case}}", en: "Access narrowed: {{case}}" },
    {
      zh: "“{{subject}}”的授权范围已缩小，至 {{due}} 止，内容见办理记录。",
      en: "The access to “{{subject}}” was narrowed, until {{due}}; see its history.",
    },
  ),
  "grant.over": kind(
    "sharing",
    { zh: "访问已终止：{{case}}", en: "Access is over: {{case}}" },
    {
      zh: "“{{subject}}”的访问已终止。提供方请关闭访问并确认，使用方请提交数据处置证明。",
      en: "The access to “{{subject}}” is over. Provider: switch it off and confirm. Receiver: hand in the certificate of disposal.",
    },
  ),
  "case.mentioned": kind(
    "talk",
    { zh: "有人在评论中提到您：{{case}}", en: "You are mentioned in a comment: {{case}}" },
    { zh: "“{{subject}}”的评论提到了您。", en: "A comment on “{{subject}}” mentions you." },
  ),
  "case.commented": kind(
    "talk",
    { zh: "关注的事项有新评论：{{case}}", en: "New comment on a case that you watch: {{case}}" },
    { zh: "“{{subject}}”有新评论。", en: "There is a new comment on “{{subject}}”." },
  ),
  "case.milestone": kind(
    "watching",
    { zh: "关注的事项 {{case}}：{{milestone}} {{step}}", en: "Watched case {{case}}: {{milestone}} {{step}}" },
    {
      zh: "您关注的“{{subject}}”：{{milestone}} {{step}}",
      en: "“{{subject}}”, which you watch: {{milestone}} {{step}}",
    },
  ),
  "case.copied": kind(
    "talk",
    { zh: "抄送给您：{{case}}", en: "Copied to you: {{case}}" },
    { zh: "“{{subject}}”已抄送给您。", en: "“{{subject}}” was copied to you." },
  ),
  "case.urged": kind(
    "tasks",
    { zh: "催办：{{case}} {{step}}", en: "Urged: {{step}}, {{case}}" },
    {
      zh: "“{{subject}}”的环节“{{step}}”被催办。{{note}}",
      en: "You are urged to act on “{{step}}” of “{{subject}}”. {{note}}",
    },
  ),
  "case.incident": urgent(
    "faults",
    { zh: "事项停在错误处：{{case}}", en: "A case stopped at an error: {{case}}" },
    {
      zh: "“{{subject}}”停在环节“{{element}}”（{{code}}），需要修复后重试。",
      en: "“{{subject}}” stopped at “{{element}}” ({{code}}); repair it and try again.",
    },
  ),
  "task.handed": kind(
    "tasks",
    { zh: "任务转交：{{case}} {{step}}", en: "A task was handed over: {{step}}, {{case}}" },
    {
      zh: "{{who}} 转交了“{{subject}}”的环节“{{step}}”，时限不变。理由：{{reason}}",
      en: "{{who}} handed over “{{step}}” of “{{subject}}”; its limit goes on. Reason: {{reason}}",
    },
  ),
  "work.asked": kind(
    "tasks",
    { zh: "请您协助：{{case}} {{step}}", en: "Your help is asked for: {{step}}, {{case}}" },
    {
      zh: "{{who}} 就“{{subject}}”的环节“{{step}}”请您答复：{{question}}",
      en: "{{who}} asks you about “{{step}}” of “{{subject}}”: {{question}}",
    },
  ),
  "work.answered": kind(
    "tasks",
    { zh: "已有答复：{{case}} {{step}}", en: "Answered: {{step}}, {{case}}" },
    {
      zh: "{{who}} 已就“{{subject}}”的环节“{{step}}”答复。",
      en: "{{who}} has answered about “{{step}}” of “{{subject}}”.",
    },
  ),
  "substitution.named": kind(
    "tasks",
    { zh: "代理安排已确定", en: "A substitution was arranged" },
    {
      zh: "{{from}} 至 {{until}}，{{substitute}} 代理 {{person}}（由 {{who}} 设定）。",
      en: "{{substitute}} stands in for {{person}} from {{from}} until {{until}} (set by {{who}}).",
    },
  ),
  "substitution.begun": kind(
    "tasks",
    { zh: "代理开始：现有 {{count}} 件待办", en: "You stand in from now on: {{count}} open task(s)" },
    {
      zh: "即日起至 {{until}} 您代理 {{person}}，其现有待办 {{count}} 件在您的待办中，均标明代理。",
      en: "You stand in for {{person}} until {{until}}; {{count}} open task(s) of theirs are in your inbox, marked as such.",
    },
  ),
  "substitution.uncovered": kind(
    "faults",
    { zh: "代理人外出，被代理工作无人办理", en: "A substitute goes away: work has nobody" },
    {
      zh: "{{person}} 的代理人 {{substitute}} 也将外出；代理不能再转代理，请另行安排。",
      en: "{{substitute}}, who stands in for {{person}}, goes away too; arrange for somebody else.",
    },
  ),
  "task.stranded": urgent(
    "faults",
    { zh: "任务无人可办：{{case}} {{step}}", en: "Nobody can do a task: {{step}}, {{case}}" },
    {
      zh: "“{{subject}}”的环节“{{step}}”现无人可办：该职责无人担任，或担任者须回避，请安排人员。",
      en: "Nobody may do “{{step}}” of “{{subject}}” now: nobody holds its role, or whoever does is excluded; name somebody.",
    },
  ),
} as const satisfies Readonly<Record<string, KindSpec>>;

export type NoticeKind = keyof typeof told;
export const noticeKinds: Readonly<Record<NoticeKind, KindSpec>> = told;

/** A kind by the text that a row holds; `null` for one that a later version dropped. */
export function kindOf(stored: string): NoticeKind | null {
  return Object.hasOwn(noticeKinds, stored) ? (stored as NoticeKind) : null;
}
