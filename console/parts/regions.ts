import { useQuery } from "@tanstack/react-query";
import type { RegionView } from "../../server/api/regions/regions.schema.ts";
import { api } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";

/** Divisions by their names: to show one, and to choose from. They change with an installation's content alone. */
export function useRegions() {
  const { pick } = useText();
  const { data } = useQuery({
    queryKey: ["/api/regions"],
    queryFn: () => api.get<{ items: readonly RegionView[] }>("/api/regions"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const regions = data?.items ?? [];
  const nameOf = (code: string) => {
    const known = regions.find((region) => region.code === code);
    return known ? pick(known.name) : code;
  };
  const optionOf = ({ code, name }: RegionView) => ({ value: code, label: pick(name) });
  const isWithin = (code: string | null, area: string): boolean =>
    code !== null && (code === area || isWithin(regions.find((region) => region.code === code)?.parent ?? null, area));
  return {
    nameOf,
    options: regions.map(optionOf),
    /** The divisions of an area, itself among them. */
    optionsIn: (area: string) => regions.filter(({ code }) => isWithin(code, area)).map(optionOf),
  };
}
