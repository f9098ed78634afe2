package dev.meridian.lab.cluster;

import java.io.IOException;

/// Sees the calls of a Region's service to both stores, on their way there and back, and may stop them.
public interface StoreCalls {
    /// Lets all pass.
    StoreCalls PASS = new StoreCalls() {
        @Override
        public void asked(String call, String text) {
            // It goes on.
        }

        @Override
        public void answered(String call, String text) {
            // It goes on.
        }
    };

    /// A call that the store has not got yet.
    ///
    /// @param call what it is, `PutItem meridian-order-journal` or `SQL UPDATE products`
    /// @param text of the request
    /// @throws IOException when the store shall not get it
    void asked(String call, String text) throws IOException;

    /// A call that is done, whose answer the service has not got yet.
    ///
    /// @throws IOException when the service shall not get it
    void answered(String call, String text) throws IOException;
}
