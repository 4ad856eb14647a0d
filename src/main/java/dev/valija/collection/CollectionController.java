package dev.valija.collection;

import dev.valija.account.UserId;
import dev.valija.collection.CollectionRequests.CollectionChange;
import dev.valija.collection.CollectionRequests.NewCollection;
import dev.valija.collection.CollectionView.CollectionList;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.time.Clock;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/collections")
class CollectionController {
    private final MailCollections collections;
    private final Clock clock = Clock.systemUTC();

    CollectionController(MailCollections collections) {
        this.collections = collections;
    }

    @GetMapping
    CollectionList list(@AuthenticationPrincipal UserId user) {
        return new CollectionList(collections.of(user).stream().map(this::view).toList());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    CollectionView add(
            @AuthenticationPrincipal UserId user,
            @Valid @RequestBody NewCollection wanted,
            HttpServletRequest request) {
        return view(collections.add(user, wanted, request.getRemoteAddr()));
    }

    @GetMapping("/{collectionId}")
    CollectionView get(@AuthenticationPrincipal UserId user, @PathVariable String collectionId) {
        return view(collections.require(CollectionKey.parse(user, collectionId)));
    }

    @PatchMapping("/{collectionId}")
    CollectionView change(
            @AuthenticationPrincipal UserId user,
            @PathVariable String collectionId,
            @Valid @RequestBody CollectionChange change,
            HttpServletRequest request) {
        return view(collections.change(CollectionKey.parse(user, collectionId), change, request.getRemoteAddr()));
    }

    @DeleteMapping("/{collectionId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal UserId user, @PathVariable String collectionId) {
        collections.remove(CollectionKey.parse(user, collectionId));
    }

    @PostMapping("/{collectionId}/run")
    @ResponseStatus(HttpStatus.ACCEPTED)
    CollectionView run(@AuthenticationPrincipal UserId user, @PathVariable String collectionId) {
        return view(collections.run(CollectionKey.parse(user, collectionId)));
    }

    private CollectionView view(MailCollection collection) {
        return CollectionView.of(collection, clock.instant());
    }
}
