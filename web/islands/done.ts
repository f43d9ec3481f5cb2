// The interview is over: nothing of it stays on this device, the key included.
import { Vault } from "./_vault";

async function clear(): Promise<void> {
  const vault = await Vault.open();
  const waiting = await vault.waiting();
  vault.close();
  if (!waiting) await Vault.wipe(); // what another interview in this browser still has to send is left alone
}

void clear().catch(() => undefined); // a browser that keeps nothing has nothing to clear
