// Proves that rules which are looked up once still hold, a parent's among them, for every instance and beside other classes.
import { getMetadataStorage, IsInt, IsString, validateSync } from 'class-validator';
import { lookUpRulesOnce } from './rules-once';

class Parent {
  @IsString() name: unknown;
}
class Child extends Parent {
  @IsInt() count: unknown;
}
class Other {
  @IsInt() name: unknown;
}

const LAX = { forbidUnknownValues: false };
const faults = (dto: object): string[] => validateSync(dto, { whitelist: true }).map(({ property }) => property);
const of = <T extends object>(dto: T, fields: Partial<T>): T => Object.assign(dto, fields);

it('looks up the rules of each class once, and holds every instance against them', () => {
  const store = getMetadataStorage();
  const plain = store.getTargetValidationMetadatas.bind(store);
  const asked: unknown[] = [];
  store.getTargetValidationMetadatas = (...question) => {
    asked.push(question[0]);
    return plain(...question);
  };
  lookUpRulesOnce(store);
  for (let round = 0; round < 3; round++) {
    expect(faults(of(new Child(), { name: 'a', count: 1 }))).toEqual([]);
    expect(faults(of(new Child(), { name: 1, count: 'a' })).sort()).toEqual(['count', 'name']);
    expect(faults(of(new Parent(), { name: 'a' }))).toEqual([]);
    expect(faults(of(new Other(), { name: 'a' }))).toEqual(['name']);
  }
  expect(asked).toEqual([Child, Parent, Other]);
});

it('looks again for who validates by groups', () => {
  class Grouped {
    @IsString({ groups: ['late'] }) name: unknown;
  }
  const dto = of(new Grouped(), { name: 1 });
  lookUpRulesOnce();
  expect(validateSync(dto, { ...LAX, groups: ['late'] })).toHaveLength(1);
  expect(validateSync(dto, { ...LAX, groups: ['early'] })).toHaveLength(0);
});
