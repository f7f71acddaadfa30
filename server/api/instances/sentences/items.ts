import { z } from "zod";
import { itemDecisionSchema, type ItemDecision, type Mask, type Narrowing } from "../../../../engine/approval/items.ts";
import type { Bilingual } from "../../shared/common.schema.ts";
import type { Payload, Sentences } from "./sentence.ts";

const told = z.object({
  rank: z.enum(["proposal", "decision"]),
  items: z.array(z.looseObject({ name: z.string(), nameEn: z.string().optional() })),
});

export const itemsSentences: Sentences = {
  "items.decided": (payload, { zh, en }) => {
    const read = told.safeParse(payload);
    const items = (read.data?.items ?? []).flatMap(({ name, nameEn, ...item }) => {
      const decided = itemDecisionSchema.safeParse(item).data;
      return decided ? [{ name, nameEn: nameEn ?? name, decided }] : [];
    });
    const nameOf = placesIn(payload);
    const proposal = read.data?.rank === "proposal";
    return {
      zh: `“${zh}”逐项${proposal ? "建议" : "决定"}：${items.map(({ name, decided }) => `${name}${itemWords(decided, nameOf).zh}`).join("；")}`,
      en: `${proposal ? "proposed" : "decided"} on each item in “${en}”: ${items.map(({ nameEn, decided }) => `${nameEn} ${itemWords(decided, nameOf).en}`).join("; ")}`,
    };
  },
};

type NameOfPlace = (code: string) => Bilingual;

/** Divisions by their names, where the history looks them up. */
function placesIn(payload: Payload): NameOfPlace {
  const names = payload["regionNames"];
  return typeof names === "function" ? (names as NameOfPlace) : (code) => ({ zh: code, en: code });
}

function itemWords(decided: ItemDecision, nameOf: NameOfPlace): Bilingual {
  switch (decided.decision) {
    case "granted":
      return { zh: "同意", en: "granted" };
    case "masked": {
      const [mask, limit] = [
        maskWords(decided.mask),
        decided.narrowing ? narrowingWords(decided.narrowing, nameOf) : null,
      ];
      return {
        zh: `脱敏（${mask.zh}${limit ? `，${limit.zh}` : ""}）`,
        en: `masked (${mask.en}${limit ? `, ${limit.en}` : ""})`,
      };
    }
    case "narrowed": {
      const limit = narrowingWords(decided.narrowing, nameOf);
      return { zh: `缩小范围（${limit.zh}）`, en: `narrowed (${limit.en})` };
    }
    case "refused": {
      const offer = decided.offer ? narrowingWords(decided.offer, nameOf) : null;
      const cited = decided.citation === null || decided.citation === "" ? "" : `，${decided.citation}`;
      return {
        zh: `不予共享（${decided.reasonCode}${cited}${offer ? `，可提供：${offer.zh}` : ""}）`,
        en: `refused (${decided.reasonCode}${cited}${offer ? `, offered instead: ${offer.en}` : ""})`,
      };
    }
  }
}

function maskWords(mask: Mask): Bilingual {
  switch (mask.how) {
    case "keepFirst":
      return { zh: `保留前 ${mask.count} 位`, en: `first ${mask.count} kept` };
    case "keepLast":
      return { zh: `保留后 ${mask.count} 位`, en: `last ${mask.count} kept` };
    case "hash":
      return { zh: "散列值", en: "hash" };
    case "blank":
      return { zh: "不显示内容", en: "nothing shown" };
  }
}

function narrowingWords({ regions, rows, from, to }: Narrowing, nameOf: NameOfPlace): Bilingual {
  const parts: Bilingual[] = [];
  const areas = regions.map(nameOf);
  if (regions.length > 0)
    parts.push({
      zh: `区域 ${areas.map(({ zh }) => zh).join("、")}`,
      en: `areas ${areas.map(({ en }) => en).join(", ")}`,
    });
  if (rows !== null) parts.push({ zh: `至多 ${rows} 条`, en: `at most ${rows} records` });
  if (from !== null) parts.push({ zh: `自 ${from}`, en: `from ${from}` });
  if (to !== null) parts.push({ zh: `至 ${to}`, en: `until ${to}` });
  return { zh: parts.map(({ zh }) => zh).join("、"), en: parts.map(({ en }) => en).join(", ") };
}
