package dev.valija.account;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class VaultConfiguration {

    @Bean
    Vault vault(VaultProperties properties) {
        var named = properties.masterKeyFile();
        // An empty variable, as compose files leave one, names no file.
        return new Vault(
                named != null && !named.toString().isBlank()
                        ? MasterKeys.read(named)
                        : MasterKeys.readOrMake(properties.dataDir().resolve("master.key")));
    }
}
