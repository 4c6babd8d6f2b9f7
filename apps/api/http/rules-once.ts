import { getMetadataStorage } from 'class-validator';

type RuleStore = ReturnType<typeof getMetadataStorage>;
type LookUp = RuleStore['getTargetValidationMetadatas'];

/**
 * Makes class-validator look up the rules of a class once. By itself it asks, at every validation, of every class it
 * knows whether it is a parent of this one: 25 of the 36 microseconds that a payment's body took. The rules of a class
 * do not change after its file was read, and we use neither schemas nor groups; who does is answered as before.
 */
export function lookUpRulesOnce(store: RuleStore = getMetadataStorage()): void {
  const lookUp = store.getTargetValidationMetadatas.bind(store);
  const known = new Map<Parameters<LookUp>[0], ReturnType<LookUp>>();
  store.getTargetValidationMetadatas = (target, schema, always, strictGroups, groups) => {
    if (schema || groups?.length) return lookUp(target, schema, always, strictGroups, groups);
    const rules = known.get(target) ?? lookUp(target, schema, always, strictGroups, groups);
    known.set(target, rules);
    return rules;
  };
}
