/** Without the `undefined` that optional fields of a schema allow in their types: what came as JSON has none. */
export type Exact<T> = T extends readonly (infer Item)[]
  ? Exact<Item>[]
  : T extends object
    ? { [Key in keyof T]: Exact<Exclude<T[Key], undefined>> }
    : T;

export const exact = <T>(value: T): Exact<T> => JSON.parse(JSON.stringify(value)) as Exact<T>;
