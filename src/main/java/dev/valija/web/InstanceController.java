package dev.valija.web;

import dev.valija.account.DemoSignIn;
import dev.valija.upload.UploadProperties;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What this installation is, for the sign-in page. */
@RestController
class InstanceController {
    private final WebProperties properties;
    private final UploadProperties uploads;
    private final List<DemoSignIn> demo;

    InstanceController(WebProperties properties, UploadProperties uploads, ObjectProvider<DemoSignIn> demo) {
        this.properties = properties;
        this.uploads = uploads;
        this.demo = demo.orderedStream().toList();
    }

    record Instance(String name, String version, List<DemoSignIn> demo, long maxRequestBytes, long maxUploadBytes) {}

    @GetMapping("/api/v1/instance")
    Instance get() {
        return new Instance(
                properties.name(), properties.version(), demo, properties.maxRequestBytes(), uploads.uploadBytes());
    }
}
