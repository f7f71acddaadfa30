import type { Bilingual } from "./errors.ts";
import { levels } from "./types.ts";

export type DimensionValue = string | number | boolean;

/** One of the 18 dimensions that make routes differ (domain rules, part b), with every value that it can take. */
export interface Dimension {
  /** How route tables and case data name it. */
  readonly key: string;
  readonly label: Bilingual;
  readonly values: readonly { readonly value: DimensionValue; readonly label: Bilingual }[];
  /** Value of a case that does not say; `null` where a case must say. */
  readonly whenAbsent: DimensionValue | null;
}

function values(terms: Readonly<Record<string, readonly [zh: string, en: string]>>): Dimension["values"] {
  return Object.entries(terms).map(([value, [zh, en]]) => ({ value, label: { zh, en } }));
}

const levelLabels: Readonly<Record<(typeof levels)[number], readonly [string, string]>> = {
  country: ["国家", "Country"],
  province: ["省级", "Province"],
  city: ["市（州）级", "City or prefecture"],
  county: ["县（区）级", "County or district"],
  zone: ["功能区", "Functional zone"],
  township: ["乡镇（街道）", "Township"],
};

/** The closed vocabulary of routing: the only place where dimensions and their values are named. */
export const dimensions: readonly Dimension[] = [
  {
    key: "applicant.level",
    label: { zh: "申请方层级", en: "Applicant's level" },
    values: values(levelLabels),
    whenAbsent: null,
  },
  {
    key: "provider.level",
    label: { zh: "提供方层级", en: "Provider's level" },
    values: values(levelLabels),
    whenAbsent: null,
  },
  {
    key: "levelRelation",
    label: { zh: "层级关系", en: "Relation of levels" },
    values: values({
      same: ["同级", "Same level"],
      upward1: ["上行一级", "One level up"],
      upward2: ["上行两级及以上", "Two or more levels up"],
      downward1: ["下行一级", "One level down"],
      downward2: ["下行两级及以上", "Two or more levels down"],
    }),
    whenAbsent: null,
  },
  {
    key: "regionRelation",
    label: { zh: "区域关系", en: "Relation of regions" },
    values: values({
      same: ["同一区域", "Same region"],
      sameCity: ["同一市（州）", "Within one city"],
      sameProvince: ["同一省", "Within one province"],
      otherProvince: ["跨省", "Another province"],
      national: ["一方为国家部门", "One side is national"],
    }),
    whenAbsent: null,
  },
  {
    key: "resource.shareClass",
    label: { zh: "共享属性", en: "Sharing class" },
    values: values({
      unconditional: ["无条件共享", "Unconditional"],
      conditional: ["有条件共享", "Conditional"],
      notShared: ["不予共享", "Not shared"],
      uncatalogued: ["未编目", "Uncatalogued"],
    }),
    whenAbsent: null,
  },
  {
    key: "resource.hookup",
    label: { zh: "挂接状态", en: "Hook-up" },
    values: values({
      hooked: ["已挂接", "Hooked up"],
      catalogued: ["已编目未挂接", "Catalogued, not hooked up"],
      uncatalogued: ["未编目", "Uncatalogued"],
    }),
    whenAbsent: null,
  },
  {
    key: "resource.grade",
    label: { zh: "数据等级", en: "Data grade" },
    values: [1, 2, 3, 4].map((value) => ({ value, label: { zh: `${value}级`, en: `Grade ${value}` } })),
    whenAbsent: null,
  },
  {
    key: "request.personalInfo",
    label: { zh: "个人信息", en: "Personal information" },
    values: values({
      none: ["不涉及", "None"],
      pi: ["个人信息", "Personal"],
      sensitive: ["敏感个人信息", "Sensitive"],
      tenMillion: ["一千万人以上", "Ten million persons or more"],
    }),
    whenAbsent: null,
  },
  {
    key: "request.emergency",
    label: { zh: "应急", en: "Emergency" },
    values: values({
      none: ["非应急", "None"],
      I: ["Ⅰ级", "Level I"],
      II: ["Ⅱ级", "Level II"],
      III: ["Ⅲ级", "Level III"],
      IV: ["Ⅳ级", "Level IV"],
    }),
    whenAbsent: "none",
  },
  {
    key: "request.mode",
    label: { zh: "共享方式", en: "Delivery mode" },
    values: values({
      verify: ["核验接口", "Verification API"],
      query: ["查询接口", "Query API"],
      batch: ["批量交换", "Batch exchange"],
      file: ["文件下载", "File"],
      view: ["在线查看", "Online view"],
    }),
    whenAbsent: null,
  },
  {
    key: "resource.vertical",
    label: { zh: "垂管系统", en: "Vertically managed" },
    values: values({
      none: ["否", "No"],
      province: ["省垂管", "By the province"],
      nation: ["国垂管", "By the nation"],
    }),
    whenAbsent: "none",
  },
  {
    key: "authorityModel",
    label: { zh: "主管部门模式", en: "Authority's model" },
    values: values({
      relay: ["初审转办", "Pre-check, then the provider"],
      hub: ["主管部门统一受理", "Hub: the authority coordinates"],
      direct: ["直接向提供部门", "Provider alone"],
      negativeList: ["负面清单", "Negative list"],
    }),
    whenAbsent: null,
  },
  {
    key: "applicantPlatform",
    label: { zh: "申请方平台", en: "Applicant's platform" },
    values: values({ own: ["自建", "Its own"], shared: ["使用上级平台", "The platform of a region above"] }),
    whenAbsent: null,
  },
  {
    key: "resource.sourceDepartments",
    label: { zh: "数源部门", en: "Source departments" },
    values: values({ one: ["唯一", "One"], several: ["多个", "Several"], none: ["无", "None"] }),
    whenAbsent: "one",
  },
  {
    key: "request.kind",
    label: { zh: "申请类型", en: "Kind of application" },
    values: values({
      new: ["新申请", "New"],
      renew: ["续期", "Renewal"],
      widen: ["扩大范围", "Wider scope"],
      narrow: ["缩小范围", "Narrower scope"],
    }),
    whenAbsent: "new",
  },
  {
    key: "request.volumeClass",
    label: { zh: "申请数量", en: "Volume" },
    values: values({ normal: ["正常", "Normal"], abnormal: ["明显异常", "Abnormal"] }),
    whenAbsent: "normal",
  },
  {
    key: "calendarArea",
    label: { zh: "节假日区域", en: "Holidays of the acting region" },
    values: values({ national: ["全国", "National"], autonomous: ["民族自治地方", "Autonomous area"] }),
    whenAbsent: null,
  },
  {
    key: "request.outsourced",
    label: { zh: "委托第三方处理", en: "Handled by a contractor" },
    values: [
      { value: false, label: { zh: "否", en: "No" } },
      { value: true, label: { zh: "是", en: "Yes" } },
    ],
    whenAbsent: false,
  },
];

/** Asked besides the 18: which step, and at which level its organisation stands. */
export const actingLevel: Dimension = {
  key: "acting.level",
  label: { zh: "办理层级", en: "Acting level" },
  values: values(levelLabels),
  whenAbsent: null,
};

/** Name of the input that holds the step; its values are the steps of the process. */
export const stepKey = "step";

/** Step name of rows about the case as a whole: they alone may add steps (docs/decisions/0004). */
export const wholeCase = "case";

const byKey: ReadonlyMap<string, Dimension> = new Map(
  [...dimensions, actingLevel].map((dimension) => [dimension.key, dimension]),
);

export function dimensionOf(key: string): Dimension | null {
  return byKey.get(key) ?? null;
}
