import { useText } from "../../i18n/i18n.ts";
import { channelFault } from "./fault-code.ts";

/** Says why a call to somewhere else failed, with the code for whoever runs the other side. */
export function useChannelFault(): (written: string) => string {
  const { t } = useText();
  return (written) => {
    const { fault, code } = channelFault(written);
    return fault === "other" ? written : `${t(`channelFault_${fault}`)} (${code})`;
  };
}
