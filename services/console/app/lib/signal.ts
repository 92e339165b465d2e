import { useEffect, useState } from 'preact/hooks';

export interface Signal<T> {
  readonly value: T;
  set(next: T): void;
  listen(heard: () => void): () => void;
}

/** A value that components follow and anything may set. */
export function signal<T>(first: T): Signal<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get value() {
      return value;
    },
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const heard of listeners) heard();
    },
    listen(heard) {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
  };
}

export function useSignal<T>(of: Signal<T>): T {
  const [value, follow] = useState(of.value);
  useEffect(() => {
    follow(() => of.value);
    return of.listen(() => follow(() => of.value));
  }, [of]);
  return value;
}
