import type { Excess } from "../../engine/sharing/over-scope.ts";
import type { Bilingual } from "../../engine/routing/errors.ts";
import type { NameOfItem } from "./item-names.ts";

/** In what use exceeded its grant, in words. */
export function excessText(excess: Excess, nameOf: NameOfItem): Bilingual {
  switch (excess.type) {
    case "itemNotGranted":
      return {
        zh: `使用未授权的数据项 ${excess.items.map((item) => nameOf(item).zh).join("、")}`,
        en: `items that were not granted: ${excess.items.map((item) => nameOf(item).en).join(", ")}`,
      };
    case "volume":
      return {
        zh: `调用 ${excess.calls} 次，超过约定每日 ${excess.agreed} 次`,
        en: `${excess.calls} calls, more than the agreed ${excess.agreed} a day`,
      };
    case "period":
      return { zh: `在使用期限之外使用`, en: `used outside the period of use` };
    case "region":
      return {
        zh: `使用区划 ${excess.region} 的数据，超出授权区域`,
        en: `data of division ${excess.region}, outside the granted area`,
      };
    case "notInForce":
      return {
        zh: `授权未生效（${excess.state}）仍有使用`,
        en: `used while the access is not in force (${excess.state})`,
      };
  }
}
