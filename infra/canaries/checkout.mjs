// Goes through a checkout up to the moment before paying: nothing is ordered. The checkout expires by itself.
import { ADDRESS, check, customer, journey } from './store.mjs';

export const handler = journey(import.meta.url, async (store) => {
    const who = customer();
    const product = await store.product();
    const update = (body) => store.call('POST', `/checkout/${who}/update`, { expect: [201], body });
    const items = [{ id: product.id, quantity: 1 }];
    const first = await update({ items });
    check(first.json.subtotal === product.price, `the subtotal is ${first.json.subtotal} and the price ${product.price}`);
    const shippingAddress = { ...ADDRESS, zip: '06001' };
    const rates = (await update({ items, shippingAddress })).json.shippingRates?.rates ?? [];
    check(rates.length > 0, 'there are no delivery options for an address');
    const deliveryOptionToken = rates[0].token;
    await update({ items, shippingAddress, deliveryOptionToken });
    const { json } = await store.call('GET', `/checkout/${who}`);
    check(json.deliveryOptionToken === deliveryOptionToken, 'the delivery option was not kept');
    check(json.total === json.subtotal + json.shipping + json.tax, `the total of ${JSON.stringify(json)} is wrong`);
});
