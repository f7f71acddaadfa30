import type { Level } from "../../engine/routing/types.ts";

interface Party {
  readonly id: string;
  readonly region: string;
  readonly level: Level;
}

/** Who stands between the two sides, said by hand for each pair. */
interface Chain {
  readonly own: Place;
  readonly hops: readonly Place[];
  readonly gateway: Place | null;
  readonly dispatch: Place | null;
  readonly operator: Place;
  readonly mediator: string;
}
interface Place {
  readonly id: string;
  readonly region: string;
}

export interface Situation {
  readonly name: string;
  readonly date: string;
  readonly applicant: Party;
  readonly provider: Party;
  readonly sameRegion: boolean;
  /** The provider lies in another province or is national. */
  readonly abroad: boolean;
  readonly chain: Chain;
  readonly grade: number;
  readonly personalInfo: string;
  readonly hookup: string;
  readonly mode: string;
  readonly outsourced: boolean;
}

const regions: Readonly<Record<string, readonly [string, Level]>> = {
  "nm-civil": ["520102", "county"],
  "nm-housing": ["520102", "county"],
  "nm-data": ["520102", "county"],
  "yy-civil": ["520103", "county"],
  "yy-data": ["520103", "county"],
  "gy-civil": ["520100", "city"],
  "gy-housing": ["520100", "city"],
  "gy-data": ["520100", "city"],
  "gy-operator": ["520100", "city"],
  "gz-medical": ["520000", "province"],
  "gz-natural": ["520000", "province"],
  "gz-market": ["520000", "province"],
  "gz-data": ["520000", "province"],
  "gz-operator": ["520000", "province"],
  "qdn-data": ["522600", "city"],
  "qdn-civil": ["522600", "city"],
  "kl-data": ["522601", "county"],
  "kl-civil": ["522601", "county"],
  "gx-enterprise": ["5201Z1", "zone"],
  "ga-data": ["52Z001", "zone"],
  "ga-social": ["52Z001", "zone"],
  "cn-tax": ["000000", "country"],
  "gp-data": ["140581", "county"],
  "gp-civil": ["140581", "county"],
  "jc-data": ["140500", "city"],
  "jc-civil": ["140500", "city"],
  "jc-operator": ["140500", "city"],
  "sx-data": ["140000", "province"],
  "sx-civil": ["140000", "province"],
  "sd-data": ["370000", "province"],
  "jn-data": ["370800", "city"],
  "jn-civil": ["370800", "city"],
};
const place = (id: string): Place => ({ id, region: regions[id]?.[0] ?? "" });
const party = (id: string): Party => ({ ...place(id), level: regions[id]?.[1] ?? "county" });

/** `applicant provider | own | hops | gateway | dispatch | operator | mediator`, `-` for none. */
const pairs = `
  nm-civil nm-housing      | nm-data | -               | -       | -        | gy-operator | nm-data
  nm-civil gy-housing      | nm-data | -               | -       | gy-data  | gy-operator | gy-data
  nm-civil gz-medical      | nm-data | gy-data         | -       | gz-data  | gy-operator | gz-data
  nm-civil yy-civil        | nm-data | -               | -       | yy-data  | gy-operator | gy-data
  nm-civil kl-civil        | nm-data | gy-data,qdn-data| -       | kl-data  | gy-operator | gz-data
  nm-civil qdn-civil       | nm-data | gy-data         | -       | qdn-data | gy-operator | gz-data
  nm-civil cn-tax          | nm-data | gy-data         | gz-data | -        | gy-operator | gz-data
  nm-civil gz-market       | nm-data | gy-data         | -       | gz-data  | gy-operator | gz-data
  nm-civil jn-civil        | nm-data | gy-data         | gz-data | -        | gy-operator | gz-data
  gy-civil gy-housing      | gy-data | -               | -       | -        | gy-operator | gy-data
  gy-civil gz-natural      | gy-data | -               | -       | gz-data  | gy-operator | gz-data
  gy-civil qdn-civil       | gy-data | -               | -       | qdn-data | gy-operator | gz-data
  gy-civil nm-housing      | gy-data | -               | -       | nm-data  | gy-operator | gy-data
  gy-civil kl-civil        | gy-data | qdn-data        | -       | kl-data  | gy-operator | gz-data
  gz-medical gz-natural    | gz-data | -               | -       | -        | gz-operator | gz-data
  gz-medical nm-civil      | gz-data | gy-data         | -       | nm-data  | gz-operator | gz-data
  gz-medical qdn-civil     | gz-data | -               | -       | qdn-data | gz-operator | gz-data
  gz-medical jn-civil      | gz-data | -               | gz-data | -        | gz-operator | gz-data
  kl-civil qdn-civil       | kl-data | -               | -       | qdn-data | gz-operator | qdn-data
  kl-civil gz-natural      | kl-data | qdn-data        | -       | gz-data  | gz-operator | gz-data
  kl-civil nm-civil        | kl-data | qdn-data,gy-data| -       | nm-data  | gz-operator | gz-data
  qdn-civil gz-medical     | qdn-data| -               | -       | gz-data  | gz-operator | gz-data
  gx-enterprise gy-housing | gy-data | -               | -       | gy-data  | gy-operator | gy-data
  gx-enterprise gz-medical | gy-data | -               | -       | gz-data  | gy-operator | gz-data
  gx-enterprise kl-civil   | gy-data | qdn-data        | -       | kl-data  | gy-operator | gz-data
  ga-social gz-natural     | ga-data | -               | -       | gz-data  | gz-operator | gz-data
  ga-social nm-civil       | ga-data | gy-data         | -       | nm-data  | gz-operator | gz-data
  gp-civil jc-civil        | gp-data | -               | -       | jc-data  | jc-operator | jc-data
  gp-civil sx-civil        | gp-data | jc-data         | -       | sx-data  | jc-operator | sx-data
  gp-civil nm-civil        | gp-data | jc-data         | sx-data | -        | jc-operator | sx-data
  jc-civil gp-civil        | jc-data | -               | -       | gp-data  | jc-operator | jc-data
`;

/** `date grade personalInfo hookup mode contractor`: each pair meets each of these. */
const variants = `
  2026-03-02 2 none      hooked     query  no
  2026-02-13 3 sensitive hooked     verify no
  2026-09-24 4 sensitive catalogued batch  no
  2026-04-30 1 none      hooked     file   no
  2026-07-20 2 pi        catalogued view   no
  2026-09-30 2 none      hooked     query  yes
  2026-06-18 3 tenMillion catalogued verify yes
`;

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Every pair in every variant, over counties, cities, provinces, zones, prefectures, other provinces and vertical systems. */
export const situations: readonly Situation[] = lines(pairs).flatMap((line) => {
  const [ends = "", own = "", hops = "", gateway = "", dispatch = "", operator = "", mediator = ""] = line
    .split("|")
    .map((part) => part.trim());
  const [applicant = "", provider = ""] = ends.split(/\s+/);
  const orNone = (id: string) => (id === "-" ? null : place(id));
  return lines(variants).map((variant): Situation => {
    const [date = "", grade = "", personalInfo = "", hookup = "", mode = "", contractor] = variant.split(/\s+/);
    return {
      name: `${applicant} → ${provider}: grade ${grade}, ${personalInfo}, ${hookup}, ${mode}, contractor ${contractor}, ${date}`,
      date,
      applicant: party(applicant),
      provider: party(provider),
      sameRegion: place(applicant).region === place(provider).region,
      abroad: gateway !== "-",
      chain: {
        own: place(own),
        hops: hops === "-" ? [] : hops.split(",").map(place),
        gateway: orNone(gateway),
        dispatch: orNone(dispatch),
        operator: place(operator),
        mediator,
      },
      grade: Number(grade),
      personalInfo,
      hookup,
      mode,
      outsourced: contractor === "yes",
    };
  });
});
