package dev.meridian.lab;

import java.io.IOException;
import java.sql.SQLException;

/// An action on the processes of the lab.
interface ThrowingAction {
    void perform() throws IOException, InterruptedException, SQLException;

    /// @throws IllegalStateException when it fails
    static void run(ThrowingAction action) {
        try {
            action.perform();
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
