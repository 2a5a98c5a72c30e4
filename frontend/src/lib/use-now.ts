import { useEffect, useState } from "react";
import { serverNow } from "@/lib/server-clock.ts";

/** This computer's clock, which is looked at each second: for ages and for what is waited for. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** The same by the server's clock: for ages of moments that the server wrote. */
export function useServerNow(): number {
  useNow();
  return serverNow();
}
