import { addDays } from "./dates.ts";

export interface StatutoryDay {
  readonly date: string;
  readonly name: string;
}

/**
 * First day of the first lunar month, fifth of the fifth, fifteenth of the eighth, by year. A table, because the platform's
 * lunar calendar is a day late where the new moon falls shortly before midnight in China, as on 2027-02-06.
 */
const festivals: ReadonlyMap<number, readonly [springFestival: string, dragonBoat: string, midAutumn: string]> =
  new Map([
    [2023, ["01-22", "06-22", "09-29"]],
    [2024, ["02-10", "06-10", "09-17"]],
    [2025, ["01-29", "05-31", "10-06"]],
    [2026, ["02-17", "06-19", "09-25"]],
    [2027, ["02-06", "06-09", "09-15"]],
    [2028, ["01-26", "05-28", "10-03"]],
    [2029, ["02-13", "06-16", "09-22"]],
    [2030, ["02-03", "06-05", "09-12"]],
    [2031, ["01-23", "06-24", "10-01"]],
    [2032, ["02-11", "06-12", "09-19"]],
    [2033, ["01-31", "06-01", "09-08"]],
    [2034, ["02-19", "06-20", "09-27"]],
    [2035, ["02-08", "06-10", "09-16"]],
  ]);

/** Years whose lunar festivals are known here. */
export const lunarYears = { first: 2023, last: 2035 } as const;

/** The revision of the National Holidays Measures that adds Spring Festival's eve and a second Labour Day, in force on promulgation. */
const secondRevision = 2025;

/**
 * Statutory holidays of a year by law (National Holidays Measures, revised 2024-11-10: 13 days; 11 before 2025), in order. Rest
 * days that the State Council's yearly list moves around them are not law and not here. Throws `RangeError` outside
 * `lunarYears`.
 */
export function statutoryDays(year: number): readonly StatutoryDay[] {
  const known = festivals.get(year) ?? outside(year);
  const [springFestival, dragonBoat, midAutumn] = [`${year}-${known[0]}`, `${year}-${known[1]}`, `${year}-${known[2]}`];
  const hasEve = year >= secondRevision;
  const days = [
    named("元旦", `${year}-01-01`, 1),
    named("春节", hasEve ? addDays(springFestival, -1) : springFestival, hasEve ? 4 : 3),
    named("清明节", `${year}-04-0${qingming(year)}`, 1),
    named("劳动节", `${year}-05-01`, year >= secondRevision ? 2 : 1),
    named("端午节", dragonBoat, 1),
    named("中秋节", midAutumn, 1),
    named("国庆节", `${year}-10-01`, 3),
  ];
  return days.flat().sort((a, b) => (a.date < b.date ? -1 : 1));
}

function named(name: string, from: string, days: number): readonly StatutoryDay[] {
  return Array.from({ length: days }, (_, index) => ({ date: addDays(from, index), name }));
}

/** Day of April on which the solar term falls: the usual approximation for this century. */
function qingming(year: number): number {
  const ofCentury = year - 2000;
  return Math.floor(ofCentury * 0.2422 + 4.81) - Math.floor(ofCentury / 4);
}

function outside(year: number): never {
  throw new RangeError(`the lunar festivals of ${year} are not known; ${lunarYears.first} to ${lunarYears.last} are`);
}
